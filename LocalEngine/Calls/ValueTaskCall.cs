using System.Threading.Tasks.Sources;

namespace Shortline.LocalEngine;

/// <summary>
/// A call of a method that returns a <see cref="ValueTask"/>: used again once its result was read, so that it costs no garbage.
/// </summary>
internal abstract class ValueTaskCall<TResult> : Call<TResult>, IValueTaskSource<TResult>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<TResult> _response = new() { RunContinuationsAsynchronously = true };

    /// <summary>The response to come.</summary>
    public ValueTask<TResult> Response => new(this, _response.Version);

    /// <summary>The end to come, of a method without a result.</summary>
    public ValueTask Completion => new(this, _response.Version);

    public TResult GetResult(short token)
    {
        var result = _response.GetResult(token);
        if (MayRecycle)
        {
            Reset();
            _response.Reset();
            Recycle();
        }

        return result;
    }

    public ValueTaskSourceStatus GetStatus(short token) => _response.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _response.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    /// <summary>Drops the arguments and goes back to the pool. Emitted.</summary>
    public abstract void Recycle();

    /// <summary>A result from elsewhere is used where it was read, unless a grain waits for it, which goes on as a turn of its own.</summary>
    protected sealed override void SetResult(TResult result)
    {
        _response.RunContinuationsAsynchronously = !ReadingTurn.IsAny || Activation.Current is not null;
        _response.SetResult(result);
    }

    protected sealed override void SetException(Exception exception) => _response.SetException(exception);
}
