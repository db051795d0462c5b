using Shortline.Protocol;

namespace Shortline.Grains;

/// <summary>Runs handlers on the server's own turn.</summary>
internal static class InlineWork
{
    /// <summary>Runs a handler; the body is the one begun last in <paramref name="responses"/>.</summary>
    public static ResponseStatus Run(Operation operation, in WorkRequest request, ResponseBuffer responses)
    {
        var result = responses.Bodies;
        try
        {
            var task = operation.Handler.Handle(request, result, CancellationToken.None);
            if (task.IsCompleted)
                return WorkResult.Settle(operation, task.GetAwaiter().GetResult(), result);

            // It goes on without us and may still write.
            _ = task.AsTask();
            responses.AbandonBody();
            return WorkResult.Say(responses.Bodies, ResponseStatus.Error, $"the handler of '{operation.Name}' says it runs inline, but awaits");
        }
        catch (Exception fault)
        {
            operation.Failed(fault);
            return WorkResult.Say(result, ResponseStatus.Error, fault.Message);
        }
    }
}
