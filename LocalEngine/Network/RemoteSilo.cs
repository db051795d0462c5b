using System.Net;
using System.Net.Sockets;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>A silo of another process, and the connection to it: opened when the silo shows up, and again while it is there.</summary>
internal sealed class RemoteSilo : IClusterSilo, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ClusterNetwork _network;
    private readonly ManualResetEventSlim _gone = new();
    private volatile Connection _connection;

    public RemoteSilo(ClusterNetwork network, SiloRecord record)
    {
        _network = network;
        Record = record;
        Address = record.Address;
        _connection = new Connection(network);
        new Thread(Connect) { IsBackground = true, Name = $"shortline to {record.Name}" }.Start();
    }

    public SiloRecord Record { get; set; }

    public string Name => Record.Name;

    public SiloAddress Address { get; }

    public SiloStatus Status => IsGone ? SiloStatus.Dead : Record.Status;

    public bool IsGone => _gone.IsSet;

    /// <summary>The present connection. What it is given before it is open goes out then.</summary>
    public Connection Connection => _connection;

    /// <summary>A grain that lives on it.</summary>
    public RemoteTarget TargetOf(GrainId grainId) => new(this, grainId);

    /// <summary>A call could not be sent here, so it may go to where its grain is now, if this silo is gone.</summary>
    public void SendElsewhere(Call call) => _network.SendElsewhere(call, this);

    /// <summary>
    /// It has left the cluster: nothing is sent there any more. It still answers what it was sent, and closes the connection; if its process has ended,
    /// the system does.
    /// </summary>
    public void Leave() => _gone.Set();

    /// <summary>Nothing comes from it any more, or nobody waits: calls under way fail.</summary>
    public void Dispose()
    {
        Leave();
        _connection.Close();
    }

    private void Connect()
    {
        do
        {
            try
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(IPAddress.Loopback, Record.Port);
                _connection.Serve(socket, opened => Handshake.Open(opened, Record.Token, _network.Identity));
            }
            catch (SocketException)
            {
                _connection.Close();
            }

            // Why was it lost? If its process has ended, this is told from here, and it is gone.
            _network.Look();
            if (!IsGone)
            {
                _connection = new Connection(_network);
            }
        }
        while (!_gone.Wait(Pause));

        _connection.Close();
    }
}
