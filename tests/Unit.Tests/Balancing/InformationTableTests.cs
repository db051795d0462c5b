using Shortline.Bench.Simulation.Model;

namespace Shortline.Unit.Tests.Balancing;

/// <summary>
/// Compares the simulator with expected mean response times, in service times: 10 servers, load 0.9, exponential service times, one
/// gateway.
/// </summary>
public sealed class InformationTableTests
{
    [Theory]
    [InlineData("random", 0, 10.0)]
    [InlineData("round robin", 0, 5.7)]
    [InlineData("shortest queue on reports alone", 0, 1.90)]
    [InlineData("shortest queue on reports alone", 2, 6.71)]
    [InlineData("shortest queue on reports alone", 10, 25.6)]
    [InlineData("shortest queue, +1 per own dispatch since the report", 2, 2.59)]
    [InlineData("shortest queue, +1 per own dispatch since the report", 10, 3.48)]
    [InlineData("shortest queue as the product knows it", 0, 1.90)]
    [InlineData("shortest queue as the product knows it", 2, 1.90)]
    [InlineData("shortest queue as the product knows it", 10, 1.90)]
    [InlineData("power of two choices on reports alone", 0, 3.01)]
    [InlineData("power of two choices on reports alone", 2, 3.63)]
    [InlineData("power of two choices on reports alone", 10, 5.71)]
    [InlineData("join idle queue, at random when no server is idle", 0, 2.42)]
    [InlineData("join idle queue", 0, 2.06)]
    public void The_simulator_has_the_expected_mean_response_time(string name, double age, double expected)
    {
        var settings = InformationTable.Rows.Single(row => row.Name == name).Settings(age)!;

        var mean = FleetModel.Run(settings with { Requests = name == "random" ? 2_000_000 : 400_000 }).Mean;

        Assert.InRange(mean, 0.95 * expected, 1.05 * expected);
    }
}
