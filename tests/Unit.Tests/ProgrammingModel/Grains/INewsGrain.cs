using Orleans;
using Orleans.Concurrency;

namespace Shortline.Unit.Tests.ProgrammingModel;

/// <summary>A grain that tells observers.</summary>
[Alias("Tests.INewsGrain")]
public interface INewsGrain : IGrainWithStringKey
{
    [Alias("Subscribe")]
    Task Subscribe(INewsReader reader);

    /// <summary>Tells all readers; returns how many there are afterwards.</summary>
    [Alias("Publish")]
    Task<int> Publish(int number);

    /// <summary>Asks one reader.</summary>
    [ResponseTimeout("00:00:05"), Alias("Ask")]
    Task<int> Ask(INewsReader reader, int number);
}

[Alias("Tests.INewsReader")]
public interface INewsReader : IGrainObserver
{
    [OneWay, Alias("Read")]
    Task Read(int number);

    [Alias("Answer")]
    Task<int> Answer(int number);
}
