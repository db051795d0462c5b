using System.Numerics;
using System.Runtime.CompilerServices;

namespace Shortline.Balancing;

/// <summary>
/// How long the answers of a server take by the load that it has: moving averages for loads of 0, 1 to 2, 3 to 6 and so on. What has not been seen at a load is taken
/// to be in proportion to it.
/// </summary>
internal struct LatencyByLoad
{
    private const double Kept = 0.9;
    private const int Steps = 12;

    private Averages _averages;

    /// <summary>Whether anything was seen.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Takes a latency in.</summary>
    /// <param name="load">Requests that were there before.</param>
    /// <param name="latencyMs">Milliseconds.</param>
    public void Add(int load, double latencyMs)
    {
        ref var average = ref _averages[StepOf(load)];
        average = average > 0 ? (float)((Kept * average) + ((1 - Kept) * latencyMs)) : (float)Math.Max(latencyMs, float.Epsilon);
        IsKnown = true;
    }

    /// <summary>The latency to expect at a load, in milliseconds; 0 if nothing is known.</summary>
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
