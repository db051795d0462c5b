namespace Shortline.Bench.Simulation.Model;

/// <summary>A simulated server with one worker and a queue.</summary>
internal sealed class ModelServer(double speed, int gateways)
{
    private double _freeAt;

    /// <summary>The number of requests in this server, by gateway.</summary>
    public int[] Of { get; } = new int[gateways];

    /// <summary>The number of requests in this server.</summary>
    public int Load { get; private set; }

    /// <summary>Accepts a request.</summary>
    /// <returns>The time at which it will be completed.</returns>
    public double Take(int gateway, double now, double work)
    {
        Load++;
        Of[gateway]++;
        return _freeAt = Math.Max(now, _freeAt) + (work / speed);
    }

    public void Release(int gateway)
    {
        Load--;
        Of[gateway]--;
    }
}
