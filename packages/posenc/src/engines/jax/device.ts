/** Chooses the device that jax-js computes on. */
import { type Device, defaultDevice, devices, init } from '@jax-js/jax';

/** `wasm` runs everywhere; `webgpu` where the browser offers it; `cpu` is jax-js's slow reference. */
export type JaxDevice = Extract<Device, 'cpu' | 'wasm' | 'webgpu'>;

/**
 * Starts jax-js on a device, which every array made afterwards lies on. Call it once, before anything else here.
 *
 * @throws {RangeError} when the device is not available
 */
export async function initializeJax(device: JaxDevice = 'wasm'): Promise<void> {
  const available = devices.includes(device) && (await init(device)).includes(device);
  if (!available) {
    throw new RangeError(`initializeJax: expected a device available here, such as wasm, got ${device}`);
  }
  defaultDevice(device);
}
