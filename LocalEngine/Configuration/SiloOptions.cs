namespace Orleans.Configuration;

/// <summary>A silo's own settings.</summary>
public class SiloOptions
{
    /// <summary>The silo's name; made up if unset.</summary>
    public string SiloName { get; set; } = null!;
}
