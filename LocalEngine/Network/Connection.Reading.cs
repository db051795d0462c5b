using System.Buffers.Binary;
using System.Net.Sockets;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <content>From the socket to calls and results.</content>
internal sealed partial class Connection
{
    private const int ReadBuffer = 128 * 1024;

    private void Read(Socket socket)
    {
        var buffer = new byte[ReadBuffer];
        var filled = 0;
        while (true)
        {
            var count = socket.Receive(buffer.AsSpan(filled), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                socket.Poll(-1, SelectMode.SelectRead);
                continue;
            }

            if (error != SocketError.Success || count == 0)
            {
                return;
            }

            filled += count;
            var used = Handle(buffer.AsMemory(0, filled), out var needed);
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
            if (needed > buffer.Length)
            {
                Array.Resize(ref buffer, needed);
            }
            else if (filled == 0 && buffer.Length > ReadBuffer)
            {
                buffer = new byte[ReadBuffer];
            }
        }
    }

    /// <summary>Handles all frames that are whole.</summary>
    /// <param name="read">What was read.</param>
    /// <param name="needed">Bytes that the next frame has in all, as far as is known.</param>
    /// <returns>Bytes that were used.</returns>
    private int Handle(Memory<byte> read, out int needed)
    {
        var used = 0;
        needed = 0;
        _reading = this;
        try
        {
            while (read.Length - used >= FrameHead)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(read.Span[used..]);
                if (length is < 1 or > LargestFrame)
                {
                    throw new WireFormatException($"A frame of {length} bytes.");
                }

                if (read.Length - used - FrameHead < length)
                {
                    needed = FrameHead + length;
                    break;
                }

                _reader.Reset(read.Slice(used + FrameHead, length));
                Handle((FrameKind)_reader.ReadByte(), (long)_reader.ReadVarUInt());
                used += FrameHead + length;
            }
        }
        finally
        {
            _reading = null;
        }

        Flush();
        return used;
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
