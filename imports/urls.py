from django.urls import path

from imports.views import check, columns, do_not_call, downloads, home, monitor, phones, progress, upload

app_name = "imports"
urlpatterns = [
    path("imports/", upload.history, name="history"),
    path("imports/new/", upload.new, name="new"),
    path("imports/new/campaign/", upload.campaign_facts, name="campaign_facts"),
    path("imports/<int:pk>/", progress.show, name="show"),
    path("imports/<int:pk>/columns/", columns.columns, name="columns"),
    path("imports/<int:pk>/columns/values/", columns.column_values, name="column_values"),
    path("imports/<int:pk>/reread/", columns.reread, name="reread"),
    path("imports/<int:pk>/assistant/", columns.choose_assistant, name="choose_assistant"),
    path("imports/<int:pk>/phones/", phones.phones, name="phones"),
    path("imports/<int:pk>/phones/table/", phones.phone_table, name="phone_table"),
    path("imports/<int:pk>/check/", check.check, name="check"),
    path("imports/<int:pk>/rows/", check.rows, name="rows"),
    path("imports/<int:pk>/rows/<int:number>/", check.correct, name="correct"),
    path("imports/<int:pk>/fix-all/", check.fix_all, name="fix_all"),
    path("imports/<int:pk>/send/", check.send, name="send"),
    path("imports/<int:pk>/progress/", progress.poll, name="poll"),
    path("imports/<int:pk>/pause/", progress.pause, name="pause"),
    path("imports/<int:pk>/resume/", progress.resume, name="resume"),
    path("imports/<int:pk>/send-rest/", progress.send_rest, name="send_rest"),
    path("imports/<int:pk>/cancel/", progress.cancel, name="cancel"),
    path("imports/<int:pk>/retry/", progress.retry, name="retry"),
    path("imports/<int:pk>/undo/", progress.undo, name="undo"),
    path("imports/<int:pk>/workbook/", downloads.workbook, name="workbook"),
    path("imports/<int:pk>/workbook/take/", check.take_workbook, name="take_workbook"),
    path("imports/<int:pk>/report/<str:kind>.<str:file_format>", downloads.download, name="download"),
    path("campaigns/<int:pk>/sample.<str:file_format>", downloads.sample, name="sample"),
    path("do-not-call/", do_not_call.do_not_call, name="do_not_call"),
    path("do-not-call/<int:pk>/remove/", do_not_call.remove, name="remove_do_not_call"),
    path("running/", home.running, name="running"),
    path("monitor/", monitor.monitor, name="monitor"),
    path("monitor/now/", monitor.now, name="monitor_now"),
    path("monitor/mails/<int:pk>/retry/", monitor.retry_mail, name="retry_mail"),
]
