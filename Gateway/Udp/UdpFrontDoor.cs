using System.Net;
using Microsoft.Extensions.Logging;
using Shortline.Gateway.Requests;

namespace Shortline.Gateway.Udp;

/// <summary>Receives datagrams and gives them to the dispatcher, with a thread for each socket of the port.</summary>
internal sealed class UdpFrontDoor(IUdpTransport transport, TimeProvider time, ILogger log) : IDisposable
{
    /// <summary>The maximum number of datagrams received by one system call.</summary>
    private const int ReceiveBatch = 64;

    /// <summary>How long to wait for a thread, which ends when its socket is shut down.</summary>
    private static readonly TimeSpan ThreadTimeout = TimeSpan.FromSeconds(5);

    private readonly ManualResetEvent _closing = new(initialState: false);
    private readonly Thread?[] _threads = new Thread?[transport.Receivers];

    /// <summary>The address and port for clients.</summary>
    public IPEndPoint EndPoint => transport.LocalEndPoint;

    public IUdpTransport Transport => transport;

    /// <summary>Starts to receive.</summary>
    public void Start(Dispatcher dispatcher)
    {
        for (var i = 0; i < _threads.Length; i++)
            StartThread(i, dispatcher);
    }

    /// <summary>Stops to receive. Answers can still be sent.</summary>
    public void Stop()
    {
        transport.Shutdown();
        _closing.Set();
        foreach (var thread in _threads)
            thread?.Join(ThreadTimeout);
    }

    /// <summary>Closes the port.</summary>
    public void Dispose()
    {
        transport.Dispose();
        _closing.Dispose();
    }

    private void StartThread(int index, Dispatcher dispatcher)
    {
        var thread = new Thread(() => Receive(index, dispatcher)) { IsBackground = true, Name = $"gateway udp receive {index}" };
        _threads[index] = thread;
        thread.Start();
    }

    private void Receive(int index, Dispatcher dispatcher)
    {
        using var receiver = transport.CreateReceiver(ReceiveBatch, index);
        var outgoing = dispatcher.RentOutgoing();
        var here = dispatcher.CreateLocalRun();
        var isReplaced = false;
        if (here is not null)
        {
            here.OnStuck = () =>
            {
                Volatile.Write(ref isReplaced, true);
                StartThread(index, dispatcher);
            };
        }

        new SteadyLoop("handle requests", _closing, time, log).Run(() =>
        {
            var count = receiver.Receive();
            if (count >= 0)
                dispatcher.OnRequests(receiver, count, outgoing, Volatile.Read(ref isReplaced) ? null : here);
            return count >= 0 && !Volatile.Read(ref isReplaced);
        });
        dispatcher.ReturnOutgoing(outgoing);
    }
}
