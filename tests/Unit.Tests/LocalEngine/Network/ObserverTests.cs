using Orleans;
using Orleans.Runtime;
using Shortline.Unit.Tests.ProgrammingModel;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.LocalEngine.Network;

public class ObserverTests
{
    [Fact]
    public async Task A_grain_reaches_observers_in_clients_and_in_silos()
    {
        await using var processes = await SeveralProcesses.Start(2);
        var third = await processes.StartSilo();
        await processes.Agree(3);
        foreach (var (grains, key) in new[] { (await processes.StartClient(), "a"), (SeveralProcesses.Grains(third), "b"), (await processes.StartClient(), "c") })
        {
            var reader = new Reader();
            var reference = grains.CreateObjectReference<INewsReader>(reader);
            var news = grains.GetGrain<INewsGrain>(key);
            await news.Subscribe(reference);

            Assert.Equal(1, await news.Publish(5));

            await Eventually.True(() => reader.Latest == 5, "the news");
            Assert.Equal(8, await news.Ask(reference, 7));
            GC.KeepAlive(reader);
        }
    }

    [Fact]
    public async Task The_observers_of_a_client_that_left_are_gone()
    {
        await using var processes = await SeveralProcesses.Start(1);
        var host = await processes.StartClientHost();
        var reader = new Reader();
        var reference = SeveralProcesses.Grains(host).CreateObjectReference<INewsReader>(reader);
        await SeveralProcesses.Grains(host).GetGrain<INewsGrain>("a").Subscribe(reference);
        await host.StopAsync();

        var news = (await processes.StartClient()).GetGrain<INewsGrain>("a");

        await Eventually.True(async () => await news.Publish(1) <= 1, "an answer");
        GC.KeepAlive(reader);
    }

    private sealed class Reader : INewsReader
    {
        public int Latest { get; private set; }

        public Task Read(int number)
        {
            Latest = number;
            return Task.CompletedTask;
        }

        public Task<int> Answer(int number) => Task.FromResult(number + 1);
    }
}
