using System.Reflection;
using System.Text.RegularExpressions;
using Orleans.Configuration;
using Orleans.Storage;

namespace Shortline.Hosting.Clustering.PostgreSql;

/// <summary>
/// The keys of the statements that this version of Orleans' providers reads from the table <c>OrleansQuery</c>. They come from the
/// providers' assemblies, so an update of the packages cannot add one that is missed here.
/// </summary>
internal static partial class OrleansStatementKeys
{
    /// <summary>
    /// The keys that <c>Microsoft.Orleans.Clustering.AdoNet</c> refuses to start without: one property of <c>DbStoredQueries</c> each.
    /// </summary>
    /// <exception cref="InvalidOperationException">The assembly is not built as it was in 10.4.2.</exception>
    public static IReadOnlyList<string> OfMembership()
    {
        var queries = typeof(AdoNetClusteringSiloOptions).Assembly.GetType("Orleans.Clustering.AdoNet.Storage.DbStoredQueries")
            ?? throw new InvalidOperationException("The clustering provider has no DbStoredQueries: find out where it has its keys now.");
        return [.. queries.GetProperties(BindingFlags.Instance | BindingFlags.NonPublic).Select(property => property.Name)];
    }

    /// <summary>The keys that <c>Microsoft.Orleans.Persistence.AdoNet</c> selects: the texts in its initialization query.</summary>
    /// <exception cref="InvalidOperationException">The assembly is not built as it was in 10.4.2.</exception>
    public static IReadOnlyList<string> OfStorage()
    {
        // Read at run time. A reference would be replaced by the text that the constant had at build time.
        var query = typeof(AdoNetGrainStorage).GetField(nameof(AdoNetGrainStorage.DefaultInitializationQuery))?.GetRawConstantValue() as string
            ?? throw new InvalidOperationException("The storage provider has no DefaultInitializationQuery: find out where it has its keys now.");
        return [.. QuotedWord().Matches(query).Select(match => match.Groups["key"].Value)];
    }

    [GeneratedRegex("'(?<key>[A-Za-z]+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuotedWord();
}
