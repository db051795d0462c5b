namespace Shortline.LocalEngine;

/// <summary>A call whose end nobody waits for.</summary>
internal abstract class OneWayCall<TResult> : Call<TResult>
{
    protected sealed override void SetResult(TResult result)
    {
    }

    protected sealed override void SetException(Exception exception) => Caller.OnOneWayFailed(this, exception);
}
