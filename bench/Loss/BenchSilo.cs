using System.Buffers;
using System.Globalization;
using Shortline.Bench.Algorithms;
using Shortline.Grains.Handlers;
using Shortline.Silo;

namespace Shortline.Bench.Loss;

/// <summary>
/// The product's silo with two more operations: an echo that can be slow, and work that measures its own time. A hidden verb runs it in a
/// process of its own.
/// </summary>
internal static class BenchSilo
{
    internal const string Verb = "silo";

    internal const string Operation = "bench_echo";

    /// <param name="slowerMs">Milliseconds that are added to each echo.</param>
    /// <param name="arguments">The arguments of the silo.</param>
    internal static Task<int> RunAsync(string slowerMs, string[] arguments)
    {
        var slower = TimeSpan.FromMilliseconds(int.Parse(slowerMs, CultureInfo.InvariantCulture));
        return SiloCommand.RunAsync(arguments, builder => builder.Services
            .AddWorkHandler(Operation, (request, result, token) => Echo(slower, request, result, token))
            .AddWorkHandler(TimedWork.Operation, TimedWork.Handle));
    }

    private static async ValueTask<WorkOutcome> Echo(TimeSpan slower, WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        if (slower > TimeSpan.Zero)
            await Task.Delay(slower, TimeProvider.System, cancellationToken);
        result.Write(request.Payload.Span);
        return WorkOutcome.Ok;
    }
}
