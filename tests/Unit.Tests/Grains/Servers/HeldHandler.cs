using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Shortline.Grains.Handlers;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>A handler that returns only when the test releases it, and ignores its token. Its result is the payload.</summary>
internal sealed class HeldHandler : IWorkHandler
{
    public const string Operation = "held";

    private readonly ConcurrentDictionary<string, Call> _calls = new(StringComparer.Ordinal);

    /// <summary>The calls that have begun, in order.</summary>
    public ConcurrentQueue<Call> Begun { get; } = new();

    public async ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        var call = new Call(Encoding.UTF8.GetString(request.Id.Span).Trim('"'), cancellationToken);
        _calls[call.Id] = call;
        Begun.Enqueue(call);
        var outcome = await call.Released.Task;
        result.Write(request.Payload.Span);
        return outcome;
    }

    public bool HasBegun(long ticket) => _calls.ContainsKey($"{ticket}");

    public Call Of(long ticket) => _calls[$"{ticket}"];

    public void Release(long ticket) => Release(ticket, WorkOutcome.Ok);

    public void Release(long ticket, WorkOutcome outcome) => Of(ticket).Released.TrySetResult(outcome);

    public void ReleaseAll()
    {
        foreach (var call in _calls.Values)
            call.Released.TrySetResult(WorkOutcome.Ok);
    }

    internal sealed record Call(string Id, CancellationToken Token)
    {
        public TaskCompletionSource<WorkOutcome> Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
