namespace Shortline.Bench.Udp;

/// <summary>Writes a table per load with a row per target: medians over the rounds, with the least and the most.</summary>
internal static class UdpReport
{
    internal static void Write(IReadOnlyList<Measurement> measurements, UdpOptions options)
    {
        foreach (var load in measurements.GroupBy(measurement => measurement.Outstanding))
        {
            Console.WriteLine();
            var peers = options.PeersAt(load.Key);
            Console.WriteLine(
                $"{load.Key} outstanding from {(peers == 1 ? "1 peer" : $"{peers} peers")}, "
                    + $"{options.Rounds} rounds of {options.Duration.TotalSeconds:0.#} s: median (least to most)"
            );
            Console.WriteLine();
            var table = new TextTable(
                ["target", "requests/s", "p50 µs", "p99 µs", "CPU-s/100k", "generator", $"ratio to {Targets.Yardstick}", "lost", "not ok"]
            );
            var yardstick = Rates(load.Where(measurement => measurement.Target == Targets.Yardstick));
            foreach (var target in load.GroupBy(measurement => measurement.Target, StringComparer.Ordinal))
                table.Add(Row(target, yardstick));
            table.Write(Console.Out);
            WriteRatioOfOwnProcess(load);
        }

        WarnOfOthers(measurements);
    }

    /// <summary>Writes the ratio of a gateway as a process of its own to one in a silo, within each round.</summary>
    private static void WriteRatioOfOwnProcess(IEnumerable<Measurement> load)
    {
        var inSilo = Rates(load.Where(measurement => measurement.Target == Targets.InSilo));
        double[] ratios = [.. load
            .Where(measurement => measurement.Target == Targets.OwnProcess && inSilo.ContainsKey(measurement.Round))
            .Select(measurement => measurement.Result.Rate / inSilo[measurement.Round])];
        if (ratios.Length == 0)
            return;
        Console.WriteLine();
        Console.WriteLine($"A gateway as a process of its own reaches {Spread(ratios, "0.00")} of the rate of a gateway in a silo.");
    }

    private static void WarnOfOthers(IReadOnlyList<Measurement> measurements)
    {
        // A quiet machine keeps about a twentieth of a processor busy by itself.
        const double quiet = 0.05;
        double[] elsewhere = [.. measurements.Select(measurement => measurement.Result.BusyElsewhere)];
        if (elsewhere.Length == 0 || (Median(elsewhere) < quiet && elsewhere.Max() < 2 * quiet))
            return;
        Console.WriteLine();
        Console.WriteLine(
            $"Other processes kept {Median(elsewhere):0.00} processors busy ({elsewhere.Min():0.00} to {elsewhere.Max():0.00}): "
                + "they affect rates, ratios and latencies, and CPU-s/100k least."
        );
    }

    private static string[] Row(IGrouping<string, Measurement> target, Dictionary<int, double> yardstick)
    {
        var results = target.Select(measurement => measurement.Result).ToArray();
        double[] ratios = [.. Rates(target).Where(rate => yardstick.ContainsKey(rate.Key)).Select(rate => rate.Value / yardstick[rate.Key])];
        return
        [
            target.Key,
            Spread(results.Select(result => result.Rate), "N0"),
            Spread(results.Select(result => result.P50), "N0"),
            Spread(results.Select(result => result.P99), "N0"),
            Spread(results.Select(result => result.TargetPer100K), "0.00"),
            $"{Median(results.Select(result => result.GeneratorPer100K)):0.00}",
            // Ratios within a round, so that a slow round does not distort them.
            ratios.Length == 0 ? "-" : Spread(ratios, "0.00"),
            $"{results.Sum(result => result.Lost)}",
            $"{results.Sum(result => result.NotOk)}",
        ];
    }

    private static Dictionary<int, double> Rates(IEnumerable<Measurement> measurements) =>
        measurements.ToDictionary(measurement => measurement.Round, measurement => measurement.Result.Rate);

    private static string Spread(IEnumerable<double> values, string format)
    {
        double[] sorted = [.. values.Order()];
        var median = Median(sorted).ToString(format);
        return sorted.Length == 1 ? median : $"{median} ({sorted[0].ToString(format)} to {sorted[^1].ToString(format)})";
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
