using System.Net.Sockets;

namespace Shortline.LocalEngine;

/// <content>From a buffer to the socket.</content>
internal sealed partial class Connection
{
    /// <summary>A process that does not read for so long is given up, so that what waits for it has a bound.</summary>
    private const int MostWaiting = 64 * 1024 * 1024;

    private const int PollMicroseconds = 1_000_000;

    private WireWriter _filling = new() { References = network.References };
    private WireWriter _leaving = new() { References = network.References };

    /// <summary>Somebody is writing to the socket; at first nobody may.</summary>
    private bool _isSending = true;

    private void BeginSending()
    {
        lock (_lock)
        {
            _isSending = false;
        }

        Flush();
    }

    /// <summary>Sends what was written; the thread that reads does so when it has handled all that had come.</summary>
    private void Flush()
    {
        if (!ReadingTurn.IsOf(this) && TryTakeFirst())
        {
            Send(0);
        }
    }

    /// <summary>Sends what there is until nothing is left, without waiting for the other side: that is left to another thread.</summary>
    /// <param name="sent">Bytes of the buffer that are sent already.</param>
    private void Send(int sent)
    {
        do
        {
            while (sent < _leaving.Length)
            {
                var count = _socket!.Send(_leaving.Written[sent..], SocketFlags.None, out var error);
                if (error == SocketError.WouldBlock)
                {
                    var left = sent;
                    new Thread(() => SendSlowly(left)) { IsBackground = true, Name = "shortline send" }.Start();
                    return;
                }

                if (error != SocketError.Success)
                {
                    Close();
                    return;
                }

                sent += count;
            }

            sent = 0;
        }
        while (TryTakeNext());
    }

    private void SendSlowly(int sent)
    {
        try
        {
            while (!_socket!.Poll(PollMicroseconds, SelectMode.SelectWrite))
            {
                if (IsClosed)
                {
                    return;
                }
            }

            Send(sent);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Close();
        }
    }

    private bool TryTakeFirst()
    {
        lock (_lock)
        {
            if (_isSending || _isClosed || _filling.Length == 0)
            {
                if (_filling.Length <= MostWaiting)
                {
                    return false;
                }
            }
            else
            {
                _isSending = true;
                (_filling, _leaving) = (_leaving, _filling);
                return true;
            }
        }

        network.Log.ConnectionLost($"It has not read {MostWaiting} bytes.", Peer ?? "");
        Close();
        return false;
    }

    private bool TryTakeNext()
    {
        lock (_lock)
        {
            _leaving.Clear();
            if (_filling.Length == 0 || _isClosed)
            {
                _isSending = false;
                return false;
            }

            (_filling, _leaving) = (_leaving, _filling);
            return true;
        }
    }
}
