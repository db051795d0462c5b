namespace Orleans.Runtime;

/// <summary>Who the silo of this host is. A service of every silo.</summary>
public interface ILocalSiloDetails
{
    /// <summary>The silo's name.</summary>
    string Name { get; }

    /// <summary>Its address.</summary>
    SiloAddress SiloAddress { get; }
}
