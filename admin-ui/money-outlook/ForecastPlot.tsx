import { Box, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useTranslate } from 'react-admin';
import { useNavigate } from 'react-router';
import { startOfDay } from '../../domain/missing-year.ts';
import { spellMoney } from '../../domain/money.ts';
import { tableStyle } from '../lists/table-style.ts';
import { Columns } from '../plots/Columns.tsx';
import { PlotOrTable } from '../plots/Figure.tsx';
import { Legend } from '../plots/Legend.tsx';
import { NumberLink } from '../plots/NumberLink.tsx';
import { useSpellDays } from '../service-reports/day-words.ts';
import { outlookAddress, type CashForecast } from './outlook-reads.ts';

type Forecast = CashForecast['currencies'][number];
type Flow = 'in' | 'out';

/** What comes in and what goes out, each as a plot by day and as a table whose numbers lead to their steps. */
export function ForecastOf({ forecast, zone }: { forecast: Forecast; zone: string }) {
  return (
    <Box sx={{ display: 'grid', columnGap: 4, rowGap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(2, minmax(0, 1fr))' } }}>
      <FlowPlot forecast={forecast} zone={zone} flow="in" />
      <FlowPlot forecast={forecast} zone={zone} flow="out" />
    </Box>
  );
}

function sumsOf(flows: Forecast['total'], flow: Flow): { certain: number; possible: number } {
  return flow === 'in'
    ? { certain: flows.inCertainMinor, possible: flows.inPossibleMinor }
    : { certain: flows.outCertainMinor, possible: flows.outPossibleMinor };
}

/** The steps that make a day's number. */
function addressOf(day: string, zone: string, flow: Flow): string {
  const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  return outlookAddress({ flow, from: startOfDay(zone, day).toISOString(), to: startOfDay(zone, next).toISOString() });
}

function FlowPlot({ forecast, zone, flow }: { forecast: Forecast; zone: string; flow: Flow }) {
  const translate = useTranslate();
  const navigate = useNavigate();
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'), { noSsr: true });
  const { spellTick } = useSpellDays();
  const { currency } = forecast;
  const word = (name: string, values: Record<string, string> = {}) => translate(`kontor.moneyWatch.outlook.${name}`, values);
  const money = (amountMinor: number) => spellMoney({ amountMinor, currency });
  const [total, overdue] = [sumsOf(forecast.total, flow), sumsOf(forecast.overdue, flow)];
  const told = { certain: money(total.certain), possible: money(total.possible) };
  const late = overdue.certain + overdue.possible;
  const columns = forecast.days.map((day) => {
    const { certain, possible } = sumsOf(day, flow);
    return {
      key: day.day,
      tick: spellTick(day.day),
      title: word('column', { day: spellTick(day.day), certain: money(certain), possible: money(possible) }),
      // In whole units: nobody reads hundredths off a scale.
      parts: [
        { tone: 'calm' as const, value: certain / 100 },
        { tone: 'soft' as const, value: possible / 100 },
      ],
    };
  });
  const caption = (
    <>
      <Box component="strong" sx={{ color: 'text.primary', mr: 1.5 }}>
        {word(flow)}
      </Box>
      <Legend
        parts={[
          { tone: 'calm', name: `${word('certain')} ${told.certain}` },
          { tone: 'soft', name: `${word('possible')} ${told.possible}` },
        ]}
      />
    </>
  );
  return (
    <div>
      <PlotOrTable
        name={word(flow)}
        caption={caption}
        plot={
          <Columns
            label={word('plotLabel', { flow: word(flow), currency, ...told })}
            columns={columns}
            ticks={narrow ? 4 : 8}
            onChoose={(day) => void navigate(addressOf(day, zone, flow))}
          />
        }
        table={<FlowTable forecast={forecast} zone={zone} flow={flow} />}
      />
      {late > 0 && <Box sx={{ fontSize: 13, color: 'text.secondary', mt: 0.5 }}>{word('overdue', { sum: money(late) })}</Box>}
    </div>
  );
}

function FlowTable({ forecast, zone, flow }: { forecast: Forecast; zone: string; flow: Flow }) {
  const translate = useTranslate();
  const { spellTick } = useSpellDays();
  const word = (name: string) => translate(`kontor.moneyWatch.outlook.${name}`);
  const days = forecast.days.filter((day) => {
    const { certain, possible } = sumsOf(day, flow);
    return certain + possible > 0;
  });
  if (days.length === 0) return <Box sx={{ color: 'text.secondary', fontSize: 13 }}>{word('nothing')}</Box>;
  return (
    <Box component="section" sx={{ maxHeight: 300, overflow: 'auto' }} tabIndex={0} aria-label={word(flow)}>
      <Box component="table" aria-label={word(flow)} sx={tableStyle}>
        <thead>
          <tr>
            <th scope="col">{word('day')}</th>
            <th scope="col">{word('certain')}</th>
            <th scope="col">{word('possible')}</th>
          </tr>
        </thead>
        <tbody>
          {days.map((day) => (
            <tr key={day.day}>
              <td>{spellTick(day.day)}</td>
              {(['certain', 'possible'] as const).map((name) => {
                const amountMinor = sumsOf(day, flow)[name];
                return (
                  <td key={name}>
                    <NumberLink value={amountMinor} to={addressOf(day.day, zone, flow)}>
                      {spellMoney({ amountMinor, currency: forecast.currency })}
                    </NumberLink>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}
