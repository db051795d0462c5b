using Shortline.Balancing;

namespace Shortline.Unit.Tests.Balancing;

/// <summary>Ten servers with exponential service of mean 1, load 0.9, one gateway: the table that the stale correction rests on.</summary>
internal static class QueueSimulation
{
    public enum View
    {
        Nothing,
        Truth,
        ReportsAlone,
        Corrected,
    }

    public static double MeanTimeInSystem(View view, double reportEvery)
    {
        const int servers = 10, requests = 300_000;
        const double arrivals = 0.9 * servers;
        var random = new Random(20);
        var policy = BalancingPolicies.Create(BalancingPolicies.ShortestQueue);
        var departures = new Queue<double>[servers];
        for (var i = 0; i < servers; i++)
            departures[i] = [];
        var lastDeparture = new double[servers];
        var reported = new int[servers];
        var sent = new int[servers];
        var candidates = new Candidate[servers];
        double now = 0, nextReport = 0, total = 0;

        for (var n = 0; n < requests; n++)
        {
            now += -Math.Log(1 - random.NextDouble()) / arrivals;
            var report = now >= nextReport;
            for (var i = 0; i < servers; i++)
            {
                while (departures[i].TryPeek(out var done) && done <= now)
                    departures[i].Dequeue();
                if (report)
                    (reported[i], sent[i]) = (departures[i].Count, 0);
                candidates[i] = new(See(i), 0, 1);
            }

            if (report)
                nextReport = now + reportEvery;

            var pick = policy.Pick(candidates, 0, random);
            sent[pick]++;
            lastDeparture[pick] = Math.Max(now, lastDeparture[pick]) - Math.Log(1 - random.NextDouble());
            departures[pick].Enqueue(lastDeparture[pick]);
            total += lastDeparture[pick] - now;
        }

        return total / requests;

        int See(int i) => view switch
        {
            View.Truth => departures[i].Count,
            View.ReportsAlone => reported[i],
            View.Corrected => StaleCorrection.Estimate(reported[i], reported[i], departures[i].Count, sent[i], gateways: 1),
            _ => 0,
        };
    }
}
