/**
 * A business calendar once more, for tests: nothing but the list of its worked minutes. It is made by looking at the clocks on the
 * walls of its zone, and shares nothing with the calendar that it is held against.
 */
import type { CalendarDefinition, WorkingHours } from '../../domain/business-calendar.ts';

const minute = 60_000;
/** Clocks are set to another time at such moments only, in every zone that tests name. */
const quarter = 15 * minute;

/** What the clocks of a place show, minute by minute. Clocks that are set back show nothing new until they have caught up. */
interface Wall {
  readonly first: number;
  readonly dates: readonly string[];
  readonly minutesOfDay: readonly number[];
}

const walls = new Map<string, Wall>();

function lookAtWall(zone: string, from: number, days: number): Wall {
  const key = `${zone} ${from} ${days}`;
  const known = walls.get(key);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const [dates, minutesOfDay]: [string[], number[]] = [[], []];
  let [date, minuteOfDay] = ['', 0];
  for (let at = from; at < from + days * 1440 * minute; at += quarter) {
    const shown = clock.format(at);
    const [shownDate, shownMinute] = [shown.slice(0, 10), Number(shown.slice(11, 13)) * 60 + Number(shown.slice(14, 16))];
    for (let past = 0; past < quarter / minute; past += 1) {
      if (shownDate > date || (shownDate === date && shownMinute + past > minuteOfDay))
        [date, minuteOfDay] = [shownDate, shownMinute + past];
      dates.push(date);
      minutesOfDay.push(minuteOfDay);
    }
  }
  const wall = { first: from / minute, dates, minutesOfDay };
  walls.set(key, wall);
  return wall;
}

/** The rule of SPEC S2 for one minute. */
function isWorked(definition: CalendarDefinition, { opens, closes }: WorkingHours, date: string, minuteOfDay: number): boolean {
  const said = definition.years[date.slice(0, 4)];
  if (said?.daysOff.includes(date)) return false;
  const weekday = new Date(`${date}T12:00Z`).getUTCDay() || 7;
  if (!definition.weekdays.includes(weekday) && !said?.workingWeekends.includes(date)) return false;
  const early = definition.honourShortDays && said?.shortDays.includes(date) ? 60 : 0;
  return minuteOfDay >= opens && minuteOfDay < closes - early;
}

export class NaiveCalendar {
  /** Minutes since 1970, each of which is worked, in order. */
  private readonly worked: number[] = [];
  /** When each working day closes, by its date. */
  private readonly closings = new Map<string, number>();
  private readonly wall: Wall;

  /**
   * @param from where it begins to know anything, a midnight of UTC
   * @param days for how long
   */
  constructor(definition: CalendarDefinition, hours: WorkingHours | null, from: Date, days: number) {
    this.wall = lookAtWall(definition.zone, from.getTime(), days);
    for (const [index, date] of this.wall.dates.entries()) {
      if (!isWorked(definition, hours ?? definition, date, this.wall.minutesOfDay[index]!)) continue;
      this.worked.push(this.wall.first + index);
      this.closings.set(date, (this.wall.first + index + 1) * minute);
    }
  }

  /** Working time between two instants, all in milliseconds. */
  between(from: number, to: number): number {
    return to <= from ? 0 : this.until(to) - this.until(from);
  }

  /** When so much working time has passed since then. */
  after(from: number, ms: number): number {
    if (ms <= 0) return from;
    const wanted = this.until(from) + ms;
    const last = Math.ceil(wanted / minute) - 1;
    if (last >= this.worked.length) throw new RangeError('The naive calendar ends before that.');
    return this.worked[last]! * minute + wanted - last * minute;
  }

  /** Closing time of the Nth working day after the day of this instant (SPEC S3). */
  closingAfter(from: number, days: number): number {
    const today = this.wall.dates[Math.floor(from / minute) - this.wall.first]!;
    const later = [...this.closings].filter(([date]) => date > today);
    if (later.length <= days) throw new RangeError('The naive calendar ends before that.');
    return later[days - 1]![1];
  }

  private until(at: number): number {
    const now = Math.floor(at / minute);
    let [low, high] = [0, this.worked.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.worked[middle]! < now) low = middle + 1;
      else high = middle;
    }
    return low * minute + (this.worked[low] === now ? at - now * minute : 0);
  }
}
