using System.Buffers;
using Shortline.Grains.Handlers;
using Shortline.Protocol.Responses;

namespace Shortline.Grains.ExternalServers;

/// <summary>
/// A request that an external server has not answered yet. Only the caller that takes it out of the forwarder's table may complete it.
/// </summary>
/// <param name="to">The external server, the only sender whose response is accepted.</param>
/// <param name="result">Takes the result; null for a probe, whose result is not used.</param>
internal sealed class ForwardedRequest(ExternalServerEndPoint to, IBufferWriter<byte>? result)
{
    // Asynchronously, so that the receiver goes on with the next datagram and does not run what waits for this answer.
    private readonly TaskCompletionSource<WorkOutcome> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ExternalServerEndPoint To => to;

    public Task<WorkOutcome> Answer => _answered.Task;

    /// <summary>Completes the request with the external server's answer.</summary>
    public void Complete(in ResponseView response)
    {
        if (response.Status == ResponseStatus.Ok && !response.Result.IsEmpty)
            result?.Write(response.Result);
        _answered.SetResult(OutcomeOf(response));
    }

    /// <summary>
    /// Completes a request that could not be sent, so that another server may get it. A probe that was not sent counts as not answered.
    /// </summary>
    public void NotSent()
    {
        if (result is null)
            _answered.SetCanceled(new CancellationToken(canceled: true));
        else
            _answered.SetResult(WorkOutcome.Of(WorkOutcomeKind.Rejected, "the external server cannot be reached"));
    }

    /// <summary>Cancels a request whose time is over.</summary>
    public void Cancel(CancellationToken token) => _answered.SetCanceled(token);

    private static WorkOutcome OutcomeOf(in ResponseView response) => response.Status switch
    {
        ResponseStatus.Ok => WorkOutcome.Ok,
        ResponseStatus.Invalid => WorkOutcome.Invalid(response.ErrorText()),
        ResponseStatus.Rejected => WorkOutcome.Of(WorkOutcomeKind.Rejected, response.ReasonText()),
        ResponseStatus.Expired => WorkOutcome.Of(WorkOutcomeKind.Expired, response.ErrorText()),
        ResponseStatus.Lost => WorkOutcome.Error($"lost: {response.ErrorText()}"),
        ResponseStatus.Verify => WorkOutcome.Error("the external server wants a proof of address, which Shortline does not give"),
        _ => WorkOutcome.Error(response.ErrorText()),
    };
}
