using System.Threading.Tasks.Sources;
using Shortline.Client.Requests;

namespace Shortline.Client;

/// <summary>The awaitable result of <see cref="ShortlineClient.SendAsync"/>. It is reused once its result was taken.</summary>
internal sealed class PendingReply(Action<PendingReply> release) : IValueTaskSource<Reply>
{
    private ManualResetValueTaskSourceCore<Reply> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;

    public ValueTask<Reply> Task => new(this, _core.Version);

    /// <summary>
    /// Whether the request is cancellable. Then this object is not reused: a late cancellation must not hit another request.
    /// </summary>
    public bool Cancellable { get; private set; }

    public void CancelWith(RequestChannel channel, long id, CancellationToken cancellation)
    {
        Cancellable = true;
        var version = _core.Version;
        _registration = cancellation.UnsafeRegister(
            (_, token) =>
            {
                if (channel.TryAbandon(id, this))
                    _core.SetException(new OperationCanceledException(token));
            },
            null);
        if (_core.GetStatus(version) != ValueTaskSourceStatus.Pending)
            _registration.Dispose();
    }

    public void Complete(in Reply reply)
    {
        _registration.Unregister();
        _core.SetResult(reply);
    }

    public Reply GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            if (!Cancellable)
            {
                _core.Reset();
                release(this);
            }
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
