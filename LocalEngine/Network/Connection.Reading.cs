using System.Buffers.Binary;
using System.Net.Sockets;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <content>From the socket to calls and results.</content>
internal sealed partial class Connection
{
    private const int ReadBuffer = 128 * 1024;

    private byte[] _read = new byte[ReadBuffer];
    private int _filled;
    private int _used;
    private bool _mayHaveMore;
    private ReadingTurn? _turn;

    /// <summary>Has another thread read on if the one that does is held up. To be called now and then.</summary>
    public void Rescue()
    {
        if (_turn?.TryReplace() == true)
        {
            network.Log.ReaderHeldUp(Peer ?? "");
            new Thread(() => Read(_socket!)) { IsBackground = true, Name = "shortline connection" }.Start();
            Flush();
        }
    }

    /// <summary>Reads until the connection ends or somebody else has to read.</summary>
    private void Read(Socket socket)
    {
        var turn = new ReadingTurn(this);
        _turn = turn;
        turn.Begin();
        try
        {
            while (HandleFrames(turn, out var isReplaced))
            {
                if (isReplaced)
                {
                    return;
                }

                ReadingTurn.End();
                Flush();
                if (!TryReceive(socket))
                {
                    break;
                }

                turn.Begin();
            }

            End(socket, reason: null);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or WireFormatException)
        {
            End(socket, exception);
        }
        finally
        {
            ReadingTurn.End();
        }
    }

    /// <summary>Waits for what comes next.</summary>
    private bool TryReceive(Socket socket)
    {
        while (true)
        {
            // What came last had room: most likely that was all there was.
            if (!_mayHaveMore)
            {
                socket.Poll(-1, SelectMode.SelectRead);
            }

            var count = socket.Receive(_read.AsSpan(_filled), SocketFlags.None, out var error);
            _mayHaveMore = error == SocketError.Success && count == _read.Length - _filled;
            if (error == SocketError.Success)
            {
                _filled += count;
                return count > 0;
            }

            if (error != SocketError.WouldBlock)
            {
                return false;
            }
        }
    }

    /// <summary>Handles all frames that are whole, and makes room for the next.</summary>
    private bool HandleFrames(ReadingTurn turn, out bool isReplaced)
    {
        isReplaced = false;
        var needed = 0;
        while (_filled - _used >= FrameHead)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(_read.AsSpan(_used));
            if (length is < 1 or > LargestFrame)
            {
                throw new WireFormatException($"A frame of {length} bytes.");
            }

            needed = FrameHead + length;
            if (_filled - _used < needed)
            {
                break;
            }

            _reader.Reset(_read.AsMemory(_used + FrameHead, length));
            _used += needed;
            Handle((FrameKind)_reader.ReadByte(), (long)_reader.ReadVarUInt());
            if (!turn.EndFrame())
            {
                isReplaced = true;
                return true;
            }
        }

        _read.AsSpan(_used, _filled - _used).CopyTo(_read);
        _filled -= _used;
        _used = 0;
        if (needed > _read.Length)
        {
            Array.Resize(ref _read, needed);
        }
        else if (_filled == 0 && _read.Length > ReadBuffer)
        {
            _read = new byte[ReadBuffer];
        }

        return true;
    }

    private void Handle(FrameKind kind, long number)
    {
        switch (kind)
        {
            case FrameKind.Call:
                HandleCall(number);
                break;
            case FrameKind.Cancel:
                Cancel(number);
                break;
            case FrameKind.Look:
                network.Look();
                Say(FrameKind.Looked, number);
                break;
            case FrameKind.Looked:
                Volatile.Write(ref _hasLooked, true);
                break;
            default:
                HandleAnswer(kind, number);
                break;
        }
    }

    private void HandleCall(long number)
    {
        var redirects = _reader.ReadByte();
        var route = _incoming.Read(_reader);
        if (redirects > 0)
        {
            // Somebody knows of a silo that came or went: this one should know it too before it says where the grain is.
            network.Look();
        }

        try
        {
            var method = route.Resolve(out var grainId);
            var call = method.NewCall();
            call.BeginServing(method.Description, grainId, network.PartyOf(grainId), this, number);
            call.ReadArguments(_reader);
            ReadingTurn.Lend();
            network.Deliver(call);
        }
        catch (Exception exception) when (exception is not WireFormatException)
        {
            AnswerFailure(number, exception);
        }
    }

    private void HandleAnswer(FrameKind kind, long number)
    {
        Call? call;
        lock (_lock)
        {
            if (!_pending.Remove(number, out call))
            {
                return; // Nobody waits any more.
            }
        }

        try
        {
            switch (kind)
            {
                case FrameKind.Result:
                    call.ReadResult(_reader);
                    break;
                case FrameKind.Failure:
                    call.TryFail(ExceptionCodec.Read(_reader));
                    break;
                case FrameKind.Redirect:
                    network.Redirect(call, Codec<SiloAddress>.Read(_reader));
                    break;
                default:
                    throw new WireFormatException($"A frame of kind {(int)kind}.");
            }
        }
        catch (WireFormatException exception)
        {
            call.TryFail(new OrleansException($"The answer to {call.Name} could not be read: {exception.Message}"));
            throw;
        }
    }

    private void Cancel(long number)
    {
        CancellationTokenSource? source;
        lock (_lock)
        {
            _cancellable.Remove(number, out source);
        }

        // Its callbacks are the grain's code.
        _ = source?.CancelAsync();
    }
}
