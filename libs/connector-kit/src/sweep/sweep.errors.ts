/** Another replica has taken the sweep over: whoever is at it stops, and keeps nothing. */
export class SweepTaken extends Error {
  constructor() {
    super('another replica has taken this sweep over');
    this.name = 'SweepTaken';
  }
}
