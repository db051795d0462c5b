namespace Shortline.Bench.Simulation.Model;

/// <summary>A simulated server: one worker and a line.</summary>
internal sealed class ModelServer(double speed, int gateways)
{
    private double _freeAt;

    /// <summary>Requests here, of each gateway.</summary>
    public int[] Of { get; } = new int[gateways];

    /// <summary>Requests here.</summary>
    public int Load { get; private set; }

    /// <summary>Takes a request.</summary>
    /// <returns>When it leaves.</returns>
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
