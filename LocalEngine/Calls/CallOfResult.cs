namespace Shortline.LocalEngine;

/// <summary>A call with a result of type <typeparamref name="TResult"/>.</summary>
internal abstract class Call<TResult> : Call
{
    public sealed override void Run(object target, CallTarget runner)
    {
        var interleaving = Interleaving;
        ValueTask<TResult> invocation;
        try
        {
            invocation = Invoke(target);
        }
        catch (Exception exception)
        {
            TryFail(exception);
            runner.Finished(interleaving);
            return;
        }

        if (!invocation.IsCompletedSuccessfully)
        {
            _ = Await(invocation, runner, interleaving);
            return;
        }

        Succeed(invocation.Result);
        runner.Finished(interleaving);
    }

    public sealed override void ReadResult(WireReader reader)
    {
        var result = Codec<TResult>.Read(reader);
        ReadingTurn.Lend();
        Succeed(result);
    }

    /// <summary>Calls the method with the arguments. Emitted.</summary>
    public abstract ValueTask<TResult> Invoke(object target);

    /// <summary>Gives the caller the result. Nothing of the call is touched afterwards: the caller may use it again at once.</summary>
    protected abstract void SetResult(TResult result);

    private async Task Await(ValueTask<TResult> invocation, CallTarget runner, Interleaving interleaving)
    {
        try
        {
            Succeed(await invocation);
        }
        catch (Exception exception)
        {
            TryFail(exception);
        }

        runner.Finished(interleaving);
    }

    private void Succeed(TResult result)
    {
        if (!TryClaim())
        {
            return;
        }

        if (Origin is { } origin)
        {
            origin.Answer(OriginNumber, result);
        }
        else
        {
            SetResult(result);
        }
    }
}
