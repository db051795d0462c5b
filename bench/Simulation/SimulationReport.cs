using System.Globalization;
using Shortline.Bench.Simulation.Model;

namespace Shortline.Bench.Simulation;

/// <summary>Simulates a fleet with one algorithm after the other and prints the results.</summary>
internal static class SimulationReport
{
    /// <summary>Servers whose shares are shown one by one, at most.</summary>
    private const int ShownShares = 20;

    private static readonly double[] ChartLoads = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95];

    internal static void Write(SimulateOptions options, TextWriter output)
    {
        var fleet = options.Fleet;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{fleet.Speeds.Count} servers, load {fleet.Load}, {fleet.Gateways} gateways, reports every {fleet.ReportEvery}; times in mean service times\n"));
        var table = new TextTable(["algorithm", "mean", "p99", "failed %", "returned %", "share of each server, %"]);
        foreach (var algorithm in options.Algorithms)
        {
            var result = FleetModel.Run(fleet with { Algorithm = algorithm });
            table.Add([algorithm, Number(result.Mean), Number(result.P99), Number(100 * result.Failed), Number(100 * result.Returned), Shares(result.Shares)]);
        }

        table.Write(output);
        if (options.Chart is not { } file)
            return;

        var lines = options.Algorithms.Select(algorithm => new ChartLine(
            algorithm, [.. ChartLoads.Select(load => (load, FleetModel.Run(fleet with { Algorithm = algorithm, Load = load }).Mean))]));
        file.Directory?.Create();
        File.WriteAllText(file.FullName, LoadChart.Draw([.. lines], $"Mean response time, {fleet.Speeds.Count} servers, gateways: {fleet.Gateways}"));
        output.WriteLine($"\nThe chart is in {file.FullName}.");
    }

    private static string Number(double number) => number.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>The share of each server, or the least and the greatest of many.</summary>
    private static string Shares(IReadOnlyList<double> shares) => shares.Count <= ShownShares
        ? string.Join(' ', shares.Select(Percent))
        : $"{Percent(shares.Min())} to {Percent(shares.Max())}";

    private static string Percent(double share) => (100 * share).ToString(share < 0.01 ? "0.000" : "0.0", CultureInfo.InvariantCulture);
}
