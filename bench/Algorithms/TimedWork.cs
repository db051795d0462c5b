using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Shortline.Grains.Handlers;

namespace Shortline.Bench.Algorithms;

/// <summary>
/// Work that keeps a worker busy for a time and returns how long that really was, in milliseconds, because a timer fires up to two
/// milliseconds late. Servers may differ in speed.
/// </summary>
/// <param name="Seconds">Service time of a server of speed 1.</param>
/// <param name="Speeds">The speed of each server, by its number.</param>
internal sealed record TimedWork(double Seconds, double[] Speeds)
{
    internal const string Operation = "bench_compute";

    internal static async ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        if (!request.TryRead<TimedWork>(out var work, out var invalid))
            return invalid;
        var begun = Stopwatch.GetTimestamp();
        var speed = work.Speeds[int.Parse(request.ServerId, CultureInfo.InvariantCulture) % work.Speeds.Length];
        await Task.Delay(TimeSpan.FromSeconds(work.Seconds / speed), TimeProvider.System, cancellationToken);
        result.Write(Encoding.ASCII.GetBytes(Stopwatch.GetElapsedTime(begun).TotalMilliseconds.ToString("F3", CultureInfo.InvariantCulture)));
        return WorkOutcome.Ok;
    }
}
