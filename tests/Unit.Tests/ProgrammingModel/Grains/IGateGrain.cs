using Orleans;
using Orleans.Concurrency;

namespace Shortline.Unit.Tests.ProgrammingModel;

/// <summary>A grain whose calls stay inside until they are let go, so that it can be seen which are inside together.</summary>
[Alias("Tests.IGateGrain")]
public interface IGateGrain : IGrainWithStringKey
{
    [Alias("Write")]
    Task Write();

    [ReadOnly, Alias("Read")]
    Task Read();

    [AlwaysInterleave, Alias("Look")]
    Task Look();

    /// <summary>How many calls of each kind are inside: writes, reads, looks.</summary>
    [AlwaysInterleave, Alias("Inside")]
    Task<(int Writes, int Reads, int Looks)> Inside();

    /// <summary>Lets everything go that is inside or comes.</summary>
    [AlwaysInterleave, Alias("Open")]
    Task Open();
}

/// <summary>The same, of a reentrant class.</summary>
[Alias("Tests.IReentrantGateGrain")]
public interface IReentrantGateGrain : IGateGrain;
