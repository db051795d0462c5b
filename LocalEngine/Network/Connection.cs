using System.Buffers.Binary;
using System.Net.Sockets;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>
/// A TCP connection to another process of the cluster. It carries calls and their results both ways, whoever has opened it. One thread
/// reads; whoever has something to say writes it himself, unless somebody is writing already, who then takes it along.
/// </summary>
internal sealed partial class Connection(ClusterNetwork network)
{
    /// <summary>A frame is a batch of requests of 256 kB at most, or one large payload.</summary>
    private const int LargestFrame = 64 * 1024 * 1024;

    private const int FrameHead = sizeof(int);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Call> _pending = [];
    private readonly OutgoingRoutes _outgoing = new();
    private readonly IncomingRoutes _incoming = new();
    private readonly Dictionary<long, CancellationTokenSource> _cancellable = [];
    private readonly WireReader _reader = new() { References = network.References };
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _socket;
    private long _lastNumber;
    private bool _isClosed;
    private bool _hasLooked;

    /// <summary>The process on the other side; null until it has said so.</summary>
    public string? Peer { get; private set; }

    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>Whether the other side knows the silos there are, since <see cref="AskToLook"/>.</summary>
    public bool HasLooked => Volatile.Read(ref _hasLooked);

    /// <summary>Serves a socket until it is closed. The thread is the connection's from now on.</summary>
    /// <param name="socket">Connected.</param>
    /// <param name="introduce">Says hello and hears it, before anything else is sent; returns the other side's name.</param>
    public void Serve(Socket socket, Func<Socket, string> introduce)
    {
        try
        {
            socket.NoDelay = true;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                _socket = socket;
            }

            Peer = introduce(socket);
            network.Introduce(this);
            socket.Blocking = false;
            BeginSending();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or WireFormatException)
        {
            End(socket, exception);
            return;
        }

        Read(socket);
        _ended.Task.Wait();
    }

    /// <summary>Sends a call; one that cannot be written fails.</summary>
    /// <returns>False if the connection is closed: then the call was not sent, and may go elsewhere.</returns>
    public bool TrySend(Call call)
    {
        if (!TryWrite(call, out var failure))
        {
            return false;
        }

        if (failure is null)
        {
            Flush();
        }
        else
        {
            call.TryFail(failure);
        }

        return true;
    }

    /// <summary>Answers a call of the other side.</summary>
    public void Answer<TResult>(long number, TResult result)
    {
        lock (_lock)
        {
            ForgetToken(number);
            var at = BeginFrame(FrameKind.Result, number);
            try
            {
                Codec<TResult>.Write(_filling, result);
                EndFrame(at);
            }
            catch (Exception exception)
            {
                _filling.Truncate(at);
                WriteFailure(number, exception);
            }
        }

        Flush();
    }

    /// <inheritdoc cref="Answer{TResult}"/>
    public void AnswerFailure(long number, Exception exception)
    {
        lock (_lock)
        {
            ForgetToken(number);
            WriteFailure(number, exception);
        }

        Flush();
    }

    /// <summary>The other side should call that silo instead.</summary>
    public void AnswerRedirect(long number, SiloAddress silo)
    {
        lock (_lock)
        {
            ForgetToken(number);
            var at = BeginFrame(FrameKind.Redirect, number);
            Codec<SiloAddress>.Write(_filling, silo);
            EndFrame(at);
        }

        Flush();
    }

    /// <summary>Asks the other side to look who is there.</summary>
    public void AskToLook()
    {
        Volatile.Write(ref _hasLooked, false);
        Say(FrameKind.Look, number: 0);
    }

    /// <summary>Nobody waits for a call any more.</summary>
    public void Forget(long number, bool cancel)
    {
        lock (_lock)
        {
            cancel &= _pending.Remove(number) && !_isClosed;
        }

        if (cancel)
        {
            Say(FrameKind.Cancel, number);
        }
    }

    /// <summary>The token for a call of the other side.</summary>
    public CancellationToken TokenOf(long number)
    {
        var source = new CancellationTokenSource();
        lock (_lock)
        {
            _cancellable[number] = source;
        }

        return source.Token;
    }

    /// <summary>Ends it: calls under way fail.</summary>
    public void Close()
    {
        Call[] pending;
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            pending = [.. _pending.Values];
            _pending.Clear();
            try
            {
                _socket?.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // It is down already.
            }
        }

        network.Forget(this);
        foreach (var call in pending)
        {
            call.TryFail(call.Target!.Lost());
        }
    }

    private void End(Socket socket, Exception? reason)
    {
        if (reason is not null)
        {
            network.Log.ConnectionLost(reason.Message, Peer ?? "a process that did not introduce itself");
        }

        Close();
        socket.Dispose();
        _ended.TrySetResult();
    }

    private bool TryWrite(Call call, out Exception? failure)
    {
        failure = null;
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            var number = call.Method.IsOneWay ? 0 : ++_lastNumber;
            var at = BeginFrame(FrameKind.Call, number);
            _filling.WriteByte((byte)call.Redirects);
            var isNamed = _outgoing.Write(_filling, call.GrainId, call.Method);
            try
            {
                call.WriteArguments(_filling);
                EndFrame(at);
            }
            catch (Exception exception)
            {
                _filling.Truncate(at);
                if (isNamed)
                {
                    _outgoing.Forget(call.GrainId, call.Method);
                }

                failure = exception;
                return true;
            }

            if (number != 0)
            {
                call.SentOver(this, number);
                _pending.Add(number, call);
            }

            return true;
        }
    }

    private void Say(FrameKind kind, long number)
    {
        lock (_lock)
        {
            EndFrame(BeginFrame(kind, number));
        }

        Flush();
    }

    private void WriteFailure(long number, Exception exception)
    {
        if (number != 0)
        {
            var at = BeginFrame(FrameKind.Failure, number);
            ExceptionCodec.Write(_filling, exception);
            EndFrame(at);
        }
    }

    private int BeginFrame(FrameKind kind, long number)
    {
        var at = _filling.Reserve(FrameHead);
        _filling.WriteByte((byte)kind);
        _filling.WriteVarUInt((ulong)number);
        return at;
    }

    private void EndFrame(int at) =>
        BinaryPrimitives.WriteInt32LittleEndian(_filling.At(at, FrameHead), _filling.Length - at - FrameHead);

    private void ForgetToken(long number)
    {
        if (_cancellable.Count > 0 && _cancellable.Remove(number, out var source))
        {
            source.Dispose();
        }
    }
}
