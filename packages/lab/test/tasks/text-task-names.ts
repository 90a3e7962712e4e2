/** Tasks that train a tokenizer: their laws are tested in a file of their own, beside the others. */
export const TEXT_TASKS: readonly string[] = ['translate', 'summarise', 'question', 'entities', 'classify'];
