using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Utilities;

namespace Shortline.Unit.Tests.ProgrammingModel;

public sealed class NewsGrain(ILogger<NewsGrain> log) : Grain, INewsGrain
{
    private readonly ObserverManager<INewsReader, INewsReader> _readers = new(TimeSpan.FromMinutes(5), log);

    public Task Subscribe(INewsReader reader)
    {
        _readers.Subscribe(reader, reader);
        return Task.CompletedTask;
    }

    public async Task<int> Publish(int number)
    {
        await _readers.Notify(reader => reader.Read(number));
        return _readers.Count;
    }

    public Task<int> Ask(INewsReader reader, int number) => reader.Answer(number);
}
