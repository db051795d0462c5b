using Shortline.Playground.Clients;

namespace Shortline.Unit.Tests.Playground;

public sealed class ComputeTimesTests
{
    [Fact]
    public void Service_times_vary_more_than_exponential_ones()
    {
        var times = ComputeTimes.Draw();
        var mean = times.Average();
        var deviation = Math.Sqrt(times.Average(time => (time - mean) * (time - mean)));

        Assert.InRange(mean, 0.0155, 0.0165);
        Assert.InRange(deviation / mean, 1.2, 2);
    }
}
