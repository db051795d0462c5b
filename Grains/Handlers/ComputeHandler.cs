using System.Buffers;

namespace Shortline.Grains.Handlers;

/// <summary>Operation <c>compute</c>: occupies a worker, but no thread, for the seconds that the payload gives.</summary>
internal sealed class ComputeHandler(TimeProvider time) : IWorkHandler
{
    public const string Operation = "compute";
    private const double MaxSeconds = 3600;

    public async ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        if (!request.TryRead(WorkJson.Default.ComputeWork, out var work, out var invalid))
            return invalid;

        if (work.Seconds is not (>= 0 and <= MaxSeconds))
            return WorkOutcome.Invalid($"'seconds' must be a number from 0 to {MaxSeconds}");

        await Task.Delay(TimeSpan.FromSeconds(work.Seconds.Value), time, cancellationToken);
        return WorkOutcome.Ok;
    }
}

/// <summary>The payload of <c>compute</c>.</summary>
internal sealed record ComputeWork(double? Seconds);
