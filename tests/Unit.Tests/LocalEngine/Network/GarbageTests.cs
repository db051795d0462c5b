using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Shortline.LocalEngine;
using Shortline.Unit.Tests.ProgrammingModel;

namespace Shortline.Unit.Tests.LocalEngine.Network;

/// <summary>What comes in from somebody who is not one of ours, or is and speaks nonsense, ends that connection and nothing else.</summary>
public class GarbageTests
{
    private const int PatienceMs = 10_000;

    [Fact]
    public async Task Before_a_handshake()
    {
        await using var processes = await SeveralProcesses.Start(1);
        var client = await processes.StartClientHost();
        var random = new Random(1);

        for (var attempt = 0; attempt < 50; attempt++)
        {
            using var socket = await Connect(RecordOf(client));
            var bytes = new byte[random.Next(1, 3000)];
            random.NextBytes(bytes);
            bytes[3] = (byte)(attempt % 2 == 0 ? 0xFF : 0x7F); // the length of the first frame: negative, or gigabytes
            await socket.SendAsync(bytes);
            Assert.True(await IsHungUp(socket));
        }

        await SeveralProcesses.Grains(client).GetGrain<IProbeGrain>("a").Where();
    }

    [Fact]
    public async Task After_a_handshake()
    {
        await using var processes = await SeveralProcesses.Start(1);
        var client = await processes.StartClientHost();
        var random = new Random(1);

        for (var attempt = 0; attempt < 100; attempt++)
        {
            using var socket = await Connect(RecordOf(client));
            Handshake.Open(socket, RecordOf(client).Token, $"stranger-{attempt}");
            var frame = new byte[random.Next(1, 200)];
            random.NextBytes(frame);
            frame[0] = (byte)(attempt % 6); // a kind of frame, or nearly
            var head = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(head, frame.Length);
            await socket.SendAsync(head);
            await socket.SendAsync(frame);
            BinaryPrimitives.WriteInt32LittleEndian(head, -1);
            await socket.SendAsync(head);
            Assert.True(await IsHungUp(socket));
        }

        await SeveralProcesses.Grains(client).GetGrain<IProbeGrain>("a").Where();
    }

    private static SiloRecord RecordOf(Microsoft.Extensions.Hosting.IHost client) =>
        client.Services.GetRequiredService<LocalClient>().Cluster.Network!.Silos[0].Record;

    private static async Task<Socket> Connect(SiloRecord silo)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = PatienceMs };
        await socket.ConnectAsync(IPAddress.Loopback, silo.Port);
        return socket;
    }

    private static async Task<bool> IsHungUp(Socket socket)
    {
        using var patience = new CancellationTokenSource(PatienceMs);
        var buffer = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, patience.Token) > 0)
            {
                // An answer to what happened to make sense.
            }

            return true;
        }
        catch (SocketException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
