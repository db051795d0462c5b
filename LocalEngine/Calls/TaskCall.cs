namespace Shortline.LocalEngine;

/// <summary>A call of a method that returns a <see cref="Task"/>.</summary>
internal abstract class TaskCall<TResult> : Call<TResult>
{
    // The caller goes on elsewhere, not within the turn that answers it.
    private readonly TaskCompletionSource<TResult> _response = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The response to come.</summary>
    public Task<TResult> Response => _response.Task;

    protected sealed override void SetResult(TResult result) => _response.SetResult(result);

    protected sealed override void SetException(Exception exception) => _response.SetException(exception);
}
