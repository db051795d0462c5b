using System.Buffers;
using Shortline.Protocol;

namespace Shortline.Grains;

/// <summary>A request that a program has and has not answered. Whoever takes it out of the table of these, and nobody else, completes it.</summary>
/// <param name="to">The program, from which alone the answer may come.</param>
/// <param name="result">Takes the result; null if nobody wants it.</param>
internal sealed class ForwardedRequest(ExternalEndPoint to, IBufferWriter<byte>? result)
{
    // The receiver goes on with the next datagram, not with what waits for this one.
    private readonly TaskCompletionSource<WorkOutcome> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ExternalEndPoint To => to;

    public Task<WorkOutcome> Answer => _answered.Task;

    /// <summary>The answer has come.</summary>
    public void Complete(in ResponseView response)
    {
        if (response.Status == ResponseStatus.Ok && !response.Result.IsEmpty)
            result?.Write(response.Result);
        _answered.SetResult(OutcomeOf(response));
    }

    /// <summary>It was not sent: another server may have it. A question whose answer nobody wants as such is as good as not answered.</summary>
    public void NotSent()
    {
        if (result is null)
            _answered.SetCanceled(new CancellationToken(canceled: true));
        else
            _answered.SetResult(WorkOutcome.Of(WorkOutcomeKind.Rejected, "the server's program cannot be reached"));
    }

    /// <summary>Nobody waits any more.</summary>
    public void Cancel(CancellationToken token) => _answered.SetCanceled(token);

    private static WorkOutcome OutcomeOf(in ResponseView response) => response.Status switch
    {
        ResponseStatus.Ok => WorkOutcome.Ok,
        ResponseStatus.Invalid => WorkOutcome.Invalid(response.ErrorText()),
        ResponseStatus.Rejected => WorkOutcome.Of(WorkOutcomeKind.Rejected, response.ReasonText()),
        ResponseStatus.Expired => WorkOutcome.Of(WorkOutcomeKind.Expired, response.ErrorText()),
        ResponseStatus.Lost => WorkOutcome.Error($"lost: {response.ErrorText()}"),
        _ => WorkOutcome.Error(response.ErrorText()),
    };
}
