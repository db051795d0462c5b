namespace Shortline.Bench.Simulation.Model;

/// <summary>
/// Simulates a fleet event by event: requests arrive, a gateway chooses a server for each, and servers work off their queues, respond and
/// report. Messages between gateways and servers take no time. The same settings give the same result.
/// </summary>
internal static class FleetModel
{
    public static FleetModelResult Run(FleetModelSettings settings)
    {
        var random = new Random(settings.Seed);
        var servers = settings.Speeds.Select(speed => new ModelServer(speed, settings.Gateways)).ToArray();
        var gateways = Enumerable.Range(0, settings.Gateways).Select(number => new ModelGateway(settings, number, servers, random)).ToArray();
        var departures = new PriorityQueue<(int Server, int Gateway, double ArrivedAt, int LoadThen, bool Failed), double>();
        var gap = 1 / (settings.Load * settings.Speeds.Sum());
        var counted = settings.Requests - (settings.Requests / 10);
        var times = new double[counted];
        var counts = new int[servers.Length];
        var (now, nextReport, failures, returned) = (0.0, 0.0, 0, 0);

        for (var request = 0; request < settings.Requests; request++)
        {
            now += settings.Poisson ? Exponential(random) * gap : gap;
            while (true)
            {
                var departs = departures.TryPeek(out var departure, out var at) && at <= now;
                if (nextReport <= now && (!departs || nextReport < at))
                {
                    foreach (var each in gateways)
                        each.TakeReports(nextReport);
                    nextReport += settings.ReportEvery;
                    continue;
                }

                if (!departs)
                    break;

                departures.Dequeue();
                servers[departure.Server].Release(departure.Gateway);
                gateways[departure.Gateway].TakeResponse(departure.Server, at, at - departure.ArrivedAt, departure.LoadThen, departure.Failed);
            }

            var gateway = settings.Gateways == 1 ? 0 : random.Next(settings.Gateways);
            var (server, loadThen, isReturned) = gateways[gateway].Pick(now);
            gateways[gateway].Sent(server);
            var failed = server == settings.FailingServer;
            var leaves = servers[server].Take(gateway, now, failed ? 0 : Work(settings.Service, random));
            departures.Enqueue((server, gateway, now, loadThen, failed), leaves);
            if (request >= settings.Requests - counted)
            {
                times[request - settings.Requests + counted] = leaves - now;
                counts[server]++;
                failures += failed ? 1 : 0;
                returned += isReturned ? 1 : 0;
            }
        }

        Array.Sort(times);
        return new FleetModelResult(
            times.Average(), times[(int)(0.99 * (counted - 1))], [.. counts.Select(count => (double)count / counted)], (double)failures / counted, (double)returned / counted);
    }

    private static double Work(ServiceShape shape, Random random) => shape switch
    {
        ServiceShape.Exponential => Exponential(random),
        ServiceShape.Constant => 1,
        _ => random.NextDouble() < 0.9 ? 0.5 : 5.5,
    };

    private static double Exponential(Random random) => -Math.Log(1 - random.NextDouble());
}
