using Shortline.Grains.Handlers;
using Shortline.Protocol.Responses;

namespace Shortline.Grains.Servers;

/// <summary>Runs handlers on the thread that hands the request over, under the server's lock.</summary>
internal static class InlineWork
{
    /// <summary>Runs a handler, which writes the body begun last in <paramref name="responses"/>.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="request">The request, in memory that is reused when the handler has returned.</param>
    /// <param name="responses">Takes the body.</param>
    /// <param name="keepsRequest">Whether the handler goes on and may still read the request, so that its memory must not be reused.</param>
    public static ResponseStatus Run(Operation operation, in WorkRequest request, ResponseBuffer responses, out bool keepsRequest)
    {
        keepsRequest = false;
        var result = responses.Bodies;
        try
        {
            var task = operation.Handler.Handle(request, result, CancellationToken.None);
            if (task.IsCompleted)
                return WorkResult.Settle(operation, task.GetAwaiter().GetResult(), result);

            // The handler goes on and may still write, so the buffer it has is left to it.
            _ = task.AsTask();
            keepsRequest = true;
            responses.AbandonBody();
            return WorkResult.Say(
                responses.Bodies, ResponseStatus.Error, $"the handler of '{operation.Name}' declares that it runs inline, but it awaits");
        }
        catch (Exception failure)
        {
            return WorkResult.Say(result, ResponseStatus.Error, operation.Failed(failure));
        }
    }
}
