namespace Orleans.Runtime;

/// <summary>On a parameter of a grain's constructor: which state it is and where it is stored.</summary>
/// <param name="stateName">The state's name within the grain.</param>
/// <param name="storageName">The storage's name, the default one if null.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
{
    /// <summary>The state's name.</summary>
    public string StateName { get; } = stateName;

    /// <summary>The storage's name.</summary>
    public string? StorageName { get; } = storageName;
}
