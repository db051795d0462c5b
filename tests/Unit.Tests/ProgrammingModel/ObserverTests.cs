using System.Collections.Concurrent;
using Orleans;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.ProgrammingModel;

public class ObserverTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private readonly INewsGrain _grain = fixture.Client.GetGrain<INewsGrain>(ClusterFixture.NewKey());

    [Fact]
    public async Task A_grain_calls_the_observers_of_client_and_silos()
    {
        var readers = fixture.Entries().Select(entry => (Entry: entry, Reader: new Reader())).ToArray();
        foreach (var (entry, reader) in readers)
        {
            await entry.GetGrain<INewsGrain>(_grain.GetPrimaryKeyString()).Subscribe(entry.CreateObjectReference<INewsReader>(reader));
        }

        for (var number = 0; number < 10; number++)
        {
            Assert.Equal(3, await _grain.Publish(number));
        }

        foreach (var (_, reader) in readers)
        {
            await Eventually.True(() => reader.Seen.Count == 10, () => $"10 numbers read, there are {reader.Seen.Count}");
            Assert.Equal(Enumerable.Range(0, 10), reader.Seen.Order());
        }
    }

    [Fact]
    public async Task Subscribing_again_renews_the_lease()
    {
        var reader = new Reader();
        var reference = fixture.Client.CreateObjectReference<INewsReader>(reader);

        await _grain.Subscribe(reference);
        await _grain.Subscribe(reference);

        Assert.Equal(1, await _grain.Publish(1));
        GC.KeepAlive(reader);
    }

    [Fact]
    public async Task An_observer_can_answer()
    {
        var reader = new Reader();
        var reference = fixture.Client.CreateObjectReference<INewsReader>(reader);

        Assert.Equal(6, await _grain.Ask(reference, 3));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _grain.Ask(reference, -1));
        GC.KeepAlive(reader);
    }

    [Fact]
    public void A_reference_is_taken_back_once()
    {
        var reader = new Reader();
        var reference = fixture.Client.CreateObjectReference<INewsReader>(reader);

        fixture.Client.DeleteObjectReference<INewsReader>(reference);

        Assert.Throws<ArgumentException>(() => fixture.Client.DeleteObjectReference<INewsReader>(reference));
        GC.KeepAlive(reader);
    }

    private sealed class Reader : INewsReader
    {
        public ConcurrentQueue<int> Seen { get; } = new();

        public Task Read(int number)
        {
            Seen.Enqueue(number);
            return Task.CompletedTask;
        }

        public async Task<int> Answer(int number)
        {
            await Task.Yield();
            return number < 0 ? throw new InvalidOperationException("negative") : number * 2;
        }
    }
}
