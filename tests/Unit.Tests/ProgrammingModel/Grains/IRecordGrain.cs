using Orleans;

namespace Shortline.Unit.Tests.ProgrammingModel;

/// <summary>A grain with stored state.</summary>
[Alias("Tests.IRecordGrain")]
public interface IRecordGrain : IGrainWithStringKey
{
    [Alias("Save")]
    Task Save(int value);

    /// <summary>Changes the state in memory alone and reads what is stored.</summary>
    [Alias("ChangeAndRead")]
    Task<int> ChangeAndRead(int value);

    [Alias("Read")]
    Task<(int Value, bool Exists)> Read();

    [Alias("Clear")]
    Task Clear();

    [Alias("Deactivate")]
    Task Deactivate();
}

[GenerateSerializer, Alias("Tests.Record")]
public sealed class Record
{
    [Id(0)]
    public int Value { get; set; }
}
