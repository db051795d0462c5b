namespace Orleans.Core;

/// <summary>Stored state, whatever its type.</summary>
public interface IStorage
{
    /// <summary>Whether something is stored.</summary>
    bool RecordExists { get; }

    /// <summary>Deletes what is stored and resets the state.</summary>
    Task ClearStateAsync();

    /// <summary>Reads what is stored.</summary>
    Task ReadStateAsync();

    /// <summary>Stores the state.</summary>
    Task WriteStateAsync();
}
