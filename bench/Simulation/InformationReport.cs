using System.Globalization;
using Shortline.Bench.Simulation.Model;

namespace Shortline.Bench.Simulation;

/// <summary>Simulates the fleets of the <see cref="InformationTable"/> and prints their mean response times.</summary>
internal static class InformationReport
{
    internal static void Write(int requests, int seed, TextWriter output)
    {
        var table = new TextTable(["mean response time, in service times", "fresh", .. InformationTable.Ages.Skip(1).Select(age => $"reports every {age}")]);
        foreach (var (name, settings) in InformationTable.Rows)
            table.Add([name, .. InformationTable.Ages.Select(age => settings(age) is { } fleet ? Mean(fleet with { Requests = requests, Seed = seed }) : "-")]);
        table.Write(output);
    }

    private static string Mean(FleetModelSettings fleet) => FleetModel.Run(fleet).Mean.ToString("0.00", CultureInfo.InvariantCulture);
}
