using System.Reflection;

namespace Shortline.Unit.Tests.LocalEngine;

/// <summary>The public types of Orleans, from its packages.</summary>
internal static class OrleansApi
{
    /// <summary>The assemblies that are always there to compare with.</summary>
    public static readonly IReadOnlyList<string> Downloaded = ["Orleans.Core.Abstractions", "Orleans.TestingHost"];

    /// <summary>
    /// The types that are in neither, with the assembly that has them. Compared where that assembly's package happens to be on the
    /// machine, and by every build with <c>Engine=Orleans</c> as far as the product uses them.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Elsewhere = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Microsoft.Extensions.Hosting.OrleansClientGenericHostExtensions"] = "Orleans.Core",
        ["Microsoft.Extensions.Hosting.OrleansSiloGenericHostExtensions"] = "Orleans.Runtime",
        ["Orleans.AliasAttribute"] = "Orleans.Serialization.Abstractions",
        ["Orleans.Configuration.ClusterOptions"] = "Orleans.Core",
        ["Orleans.Configuration.GrainCollectionOptions"] = "Orleans.Runtime",
        ["Orleans.Configuration.MemoryGrainStorageOptions"] = "Orleans.Persistence.Memory",
        ["Orleans.Configuration.MessagingOptions"] = "Orleans.Core",
        ["Orleans.Configuration.SiloMessagingOptions"] = "Orleans.Runtime",
        ["Orleans.Configuration.SiloOptions"] = "Orleans.Runtime",
        ["Orleans.GenerateSerializerAttribute"] = "Orleans.Serialization.Abstractions",
        ["Orleans.Hosting.ClientBuilderExtensions"] = "Orleans.Core",
        ["Orleans.Hosting.CoreHostingExtensions"] = "Orleans.Runtime",
        ["Orleans.Hosting.IClientBuilder"] = "Orleans.Core",
        ["Orleans.Hosting.ISiloBuilder"] = "Orleans.Runtime",
        ["Orleans.Hosting.MemoryGrainStorageSiloBuilderExtensions"] = "Orleans.Persistence.Memory",
        ["Orleans.Hosting.PlacementStrategyExtensions"] = "Orleans.Runtime",
        ["Orleans.Hosting.SiloBuilderExtensions"] = "Orleans.Runtime",
        ["Orleans.IClientConnectionRetryFilter"] = "Orleans.Core",
        ["Orleans.IClusterClient"] = "Orleans.Core",
        ["Orleans.IdAttribute"] = "Orleans.Serialization.Abstractions",
        ["Orleans.ImmutableAttribute"] = "Orleans.Serialization.Abstractions",
        ["Orleans.KeepAliveAttribute"] = "Orleans.Core",
        ["Orleans.ResponseTimeoutAttribute"] = "Orleans.Serialization.Abstractions",
        ["Orleans.Runtime.IFatalErrorHandler"] = "Orleans.Runtime",
        ["Orleans.Runtime.ILocalSiloDetails"] = "Orleans.Core",
        ["Orleans.Runtime.IManagementGrain"] = "Orleans.Core",
        ["Orleans.Runtime.IPersistentState`1"] = "Orleans.Runtime",
        ["Orleans.Runtime.Placement.IPlacementContext"] = "Orleans.Core",
        ["Orleans.Runtime.Placement.IPlacementDirector"] = "Orleans.Core",
        ["Orleans.Runtime.Placement.PlacementTarget"] = "Orleans.Core",
        ["Orleans.Runtime.PersistentStateAttribute"] = "Orleans.Runtime",
        ["Orleans.Runtime.SiloStatus"] = "Orleans.Core",
        ["Orleans.Utilities.ObserverManager`2"] = "Orleans.Core",
    };

    /// <summary>The public types of an Orleans assembly, or null where its package is not on the machine.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>>? Find(string assembly)
    {
        var library = Path.Combine(Metadata("PackageRoot"), $"microsoft.{assembly}".ToLowerInvariant(), Metadata("OrleansVersion"), "lib");
        if (!Directory.Exists(library))
        {
            return null;
        }

        // "net10.0", but not "netstandard2.1".
        var newest = Directory.GetDirectories(library, "net*")
            .MaxBy(folder => double.TryParse(Path.GetFileName(folder)[3..], out var version) ? version : 0)!;
        using var file = File.OpenRead(Path.Combine(newest, $"{assembly}.dll"));
        return PublicApi.Read(file);
    }

    /// <summary>What <paramref name="ours"/> has in Orleans' namespaces and Orleans has not.</summary>
    public static List<string> Invented(IReadOnlyDictionary<string, IReadOnlySet<string>> ours)
    {
        List<string> invented = [];
        var theirs = Downloaded.SelectMany(assembly => Find(assembly)
                ?? throw new FileNotFoundException($"The package of {assembly} is missing: it comes with the restore of this project."))
            .ToDictionary(type => type.Key, type => type.Value, StringComparer.Ordinal);
        foreach (var (name, members) in ours)
        {
            if (theirs.TryGetValue(name, out var original))
            {
                invented.AddRange(members.Except(original).Select(member => $"{name}: {member}"));
            }
            else if (!Elsewhere.TryGetValue(name, out var assembly))
            {
                invented.Add(name);
            }
            else if (Find(assembly) is { } other)
            {
                invented.AddRange(other.TryGetValue(name, out original)
                    ? members.Except(original).Select(member => $"{name}: {member}")
                    : [$"{name} (not in {assembly})"]);
            }
        }

        return invented;
    }

    private static string Metadata(string key) => typeof(OrleansApi).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
