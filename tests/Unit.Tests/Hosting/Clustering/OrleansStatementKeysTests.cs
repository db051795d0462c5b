using Shortline.Hosting.Clustering.PostgreSql;

namespace Shortline.Unit.Tests.Hosting.Clustering;

/// <summary>
/// Compares the statements for PostgreSQL with the keys that Orleans' providers ask for, so that an update of the packages misses none.
/// </summary>
public sealed class OrleansStatementKeysTests
{
    [Fact]
    public void Every_key_of_the_clustering_provider_has_a_statement()
    {
        Assert.Contains("CleanupDefunctSiloEntriesKey", OrleansStatementKeys.OfMembership());
        Assert.Empty(OrleansStatementKeys.OfMembership().Except(PostgreSqlMembershipStatements.All.Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_key_of_the_storage_provider_has_a_statement()
    {
        Assert.Contains("WriteToStorageKey", OrleansStatementKeys.OfStorage());
        Assert.Empty(OrleansStatementKeys.OfStorage().Except(PostgreSqlStorageStatements.All.Keys, StringComparer.Ordinal));
    }

    /// <summary>Orleans 10.4.2 deletes defunct entries one by one if it finds this key. Otherwise it deletes them all at once.</summary>
    [Fact]
    public void One_statement_has_an_optional_key() => Assert.Equal(
        ["CleanupDefunctSiloEntryKey"],
        PostgreSqlMembershipStatements.All.Keys.Concat(PostgreSqlStorageStatements.All.Keys)
            .Except(OrleansStatementKeys.OfMembership().Concat(OrleansStatementKeys.OfStorage()), StringComparer.Ordinal));
}
