using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Shortline.Grains.Handlers;

namespace Shortline.Bench.Algorithms;

/// <summary>
/// Work that keeps a server busy for a time and says how long it really was, in milliseconds: a timer is late by up to two. Servers can be of different speeds.
/// </summary>
/// <param name="Seconds">How long it takes a server of speed 1.</param>
/// <param name="Speeds">How fast each server is, by its number.</param>
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
