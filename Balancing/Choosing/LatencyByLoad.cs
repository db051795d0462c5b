using System.Numerics;
using System.Runtime.CompilerServices;

namespace Shortline.Balancing.Choosing;

/// <summary>
/// The latency of a server as a function of its load: moving averages for loads of 0, 1 to 2, 3 to 6 and so on. For a load without
/// samples, the latency is assumed to be proportional to the load.
/// </summary>
internal struct LatencyByLoad
{
    private const double Kept = 0.9;
    private const int Steps = 12;

    private Averages _averages;

    /// <summary>Whether there are samples.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Adds a sample.</summary>
    /// <param name="load">The number of requests at the server when the request arrived.</param>
    /// <param name="latencyMs">The latency in milliseconds.</param>
    public void Add(int load, double latencyMs)
    {
        ref var average = ref _averages[StepOf(load)];
        average = average > 0 ? (float)((Kept * average) + ((1 - Kept) * latencyMs)) : (float)Math.Max(latencyMs, float.Epsilon);
        IsKnown = true;
    }

    /// <summary>Returns the expected latency at a load in milliseconds; 0 without samples.</summary>
    public readonly double At(int load)
    {
        var step = StepOf(load);
        for (var distance = 0; distance < Steps; distance++)
        {
            if (step >= distance && _averages[step - distance] is var below and > 0)
                return below * Math.ScaleB(1, distance);
            if (step + distance < Steps && _averages[step + distance] is var above and > 0)
                return above * Math.ScaleB(1, -distance);
        }

        return 0;
    }

    private static int StepOf(int load) => Math.Min(BitOperations.Log2((uint)Math.Max(0, load) + 1), Steps - 1);

    [InlineArray(Steps)]
    private struct Averages
    {
        private float _first;
    }
}
