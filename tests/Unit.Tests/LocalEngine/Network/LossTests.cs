using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using Shortline.LocalEngine;
using Shortline.Unit.Tests.ProgrammingModel;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.LocalEngine.Network;

public class LossTests
{
    [Fact]
    public async Task Calls_under_way_to_a_silo_that_dies_fail_and_later_ones_find_another_silo()
    {
        await using var processes = await SeveralProcesses.Start(1);
        var doomed = await processes.StartSilo();
        await processes.Agree(2);
        var client = await processes.StartClient();
        var (gate, key) = await OnSilo(client, SeveralProcesses.Name(doomed));
        var call = gate.Write();
        await Eventually.True(async () => (await gate.Inside()).Writes == 1, "the call inside");

        processes.Kill(doomed);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => Eventually.Completes(call, "the end of a lost call"));
        await Eventually.True(async () => await Answers(gate), "an answer from another silo");
        Assert.Equal("silo-0", (await client.GetGrain<IProbeGrain>(key).Where()).Silo);
    }

    [Fact]
    public async Task A_silo_that_stops_takes_no_grains_with_it()
    {
        await using var processes = await SeveralProcesses.Start(1);
        var leaving = await processes.StartSilo();
        await processes.Agree(2);
        var client = await processes.StartClient();
        var grains = Enumerable.Range(0, 20).Select(number => client.GetGrain<IRecordGrain>($"{number}")).ToArray();
        foreach (var grain in grains)
        {
            await grain.Save(3);
        }

        await leaving.StopAsync();

        foreach (var grain in grains)
        {
            Assert.Equal((3, true), await grain.Read());
        }
    }

    [Fact]
    public async Task A_silo_that_joins_takes_the_grains_that_hashing_gives_it()
    {
        await using var processes = await SeveralProcesses.Start(1);
        var client = await processes.StartClient();
        var grains = Enumerable.Range(0, 40).Select(number => client.GetGrain<IProbeGrain>($"{number}")).ToArray();
        await Task.WhenAll(grains.Select(grain => grain.Where().AsTask()));

        var joined = SeveralProcesses.Name(await processes.StartSilo());
        await processes.Agree(2);

        await Eventually.True(
            async () => (await Task.WhenAll(grains.Select(grain => grain.Where().AsTask()))).Count(place => place.Silo == joined) > 8,
            $"more than 8 of 40 grains on {joined}");
    }

    [Fact]
    public async Task A_silo_that_is_declared_dead_ends_before_it_runs_anything_else()
    {
        await using var processes = await SeveralProcesses.Start(1);
        var dead = await processes.StartSilo();
        await processes.Agree(2);
        var silo = dead.Services.GetRequiredService<LocalSilo>();
        var (gate, _) = await OnSilo(await processes.StartClient(), silo.Name);

        silo.Cluster.Network!.Folder.DeclareDead(silo.Member!.Record);
        silo.RenewLease();

        Assert.True(silo.IsDead);
        Assert.Equal(SiloStatus.Dead, silo.Status);
        await Eventually.True(async () => await Answers(gate), "an answer from the other silo");
        await processes.Agree(1, except: dead);
    }

    [Fact]
    public async Task A_silo_that_is_found_dead_by_two_threads_at_once_ends()
    {
        await using var processes = await SeveralProcesses.Start(1);
        for (var round = 0; round < 5; round++)
        {
            var dead = await processes.StartSilo();
            var silo = dead.Services.GetRequiredService<LocalSilo>();
            var (folder, member) = (silo.Cluster.Network!.Folder, silo.Member!);

            // One is the thread that looks at the membership: it gives a sign of life, and then sees what others think of it.
            var other = Task.Run(() =>
            {
                WaitForBeat(folder, member);
                folder.DeclareDead(member.Record);
                WaitForBeat(folder, member);
                silo.Cluster.OnDeclaredDead(member);
            });

            await Eventually.Completes(other, "the return of the other thread");
            await Eventually.True(() => silo.IsDead && dead.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested, "the end of the silo and its host");
        }
    }

    [Fact]
    public async Task Somebody_who_does_not_know_the_token_is_hung_up_on()
    {
        await using var processes = await SeveralProcesses.Start(1);
        var client = await processes.StartClientHost();
        var record = client.Services.GetRequiredService<LocalClient>().Cluster.Network!.Silos[0].Record;
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(System.Net.IPAddress.Loopback, record.Port);

        Assert.Throws<WireFormatException>(() => Handshake.Open(socket, new string('0', record.Token.Length), "stranger"));
    }

    private static void WaitForBeat(ClusterFolder folder, LocalMember member)
    {
        var last = folder.LastBeat(member.Record);
        var started = TimeProvider.System.GetTimestamp();
        while (folder.LastBeat(member.Record) == last)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(5), "The silo gave no sign of life within 5 s.");
        }
    }

    private static async Task<bool> Answers(IGateGrain gate)
    {
        try
        {
            await gate.Inside();
            return true;
        }
        catch (SiloUnavailableException)
        {
            return false;
        }
    }

    private static async Task<(IGateGrain Gate, string Key)> OnSilo(Orleans.IGrainFactory client, string silo)
    {
        // Hashing places a gate and a probe of the same key differently: the probe only finds out what a key does.
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var gate = client.GetGrain<IGateGrain>($"{attempt}");
            await gate.Inside();
            if (((GrainReference)(object)gate).Target is RemoteTarget target && target.Silo.Name == silo)
            {
                return (gate, $"{attempt}");
            }
        }

        throw new InvalidOperationException($"None of 100 keys is placed on {silo}.");
    }
}
